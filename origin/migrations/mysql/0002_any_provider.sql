ALTER TABLE `observations` ADD `exact_value` decimal(28,14);--> statement-breakpoint
CREATE INDEX `observations_series_seq` ON `observations` (`series_id`,`seq`);