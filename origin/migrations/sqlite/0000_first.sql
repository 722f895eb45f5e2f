CREATE TABLE `ingest_runs` (
	`run_id` text PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`kind` text NOT NULL,
	`started_at` text NOT NULL,
	`ended_at` text NOT NULL,
	`outcome` text NOT NULL,
	`requests` integer NOT NULL,
	`observations` integer NOT NULL,
	`queued` integer NOT NULL,
	`error` text
);
--> statement-breakpoint
CREATE INDEX `ingest_runs_started` ON `ingest_runs` (`started_at`);--> statement-breakpoint
CREATE TABLE `observations` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`series_id` text NOT NULL,
	`date` text NOT NULL,
	`value` text NOT NULL,
	`scale` integer NOT NULL,
	`revision` integer NOT NULL,
	`observed_at` text NOT NULL,
	`batch_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `observations_series_date_revision` ON `observations` (`series_id`,`date`,`revision`);--> statement-breakpoint
CREATE TABLE `quarantine` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`series_id` text NOT NULL,
	`date` text NOT NULL,
	`value` text NOT NULL,
	`reason` text NOT NULL,
	`batch_id` text NOT NULL,
	`quarantined_at` text NOT NULL,
	`released_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `quarantine_once` ON `quarantine` (`series_id`,`date`,`value`,`reason`);--> statement-breakpoint
CREATE TABLE `series` (
	`id` text PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`base` text NOT NULL,
	`quote` text NOT NULL
);
