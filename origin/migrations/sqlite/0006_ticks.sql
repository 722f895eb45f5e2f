CREATE TABLE `tick_boards` (
	`provider` text PRIMARY KEY NOT NULL,
	`content` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tick_pages` (
	`series_id` text NOT NULL,
	`slot` integer NOT NULL,
	`period` text NOT NULL,
	`content` text NOT NULL,
	PRIMARY KEY(`series_id`, `slot`)
);
--> statement-breakpoint
CREATE INDEX `tick_pages_period` ON `tick_pages` (`series_id`,`period`);
