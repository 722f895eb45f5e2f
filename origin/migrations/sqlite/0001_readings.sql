CREATE TABLE `store_meta` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `observations` ADD `withdrawn` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `observations` ADD `fetched_at` text;--> statement-breakpoint
ALTER TABLE `quarantine` ADD `fetched_at` text;--> statement-breakpoint
ALTER TABLE `quarantine` ADD `closed_at` text;--> statement-breakpoint
ALTER TABLE `quarantine` ADD `outcome` text;