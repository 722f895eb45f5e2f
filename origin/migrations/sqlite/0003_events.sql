CREATE TABLE `event_cursors` (
	`consumer` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`moved_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `event_head` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`since_version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`subject` text NOT NULL,
	`version` integer,
	`data` text NOT NULL,
	`occurred_at` text NOT NULL,
	`batch_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_once` ON `events` (`subject`,`version`);--> statement-breakpoint
INSERT INTO `event_head` (`id`, `seq`, `since_version`) SELECT 1, 0, COALESCE(MAX(`seq`), 0) FROM `observations`;
