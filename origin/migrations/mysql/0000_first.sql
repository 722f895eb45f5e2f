CREATE TABLE `ingest_runs` (
	`run_id` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`provider` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`kind` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`started_at` datetime(3) NOT NULL,
	`ended_at` datetime(3) NOT NULL,
	`outcome` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`requests` int NOT NULL,
	`observations` int NOT NULL,
	`queued` int NOT NULL,
	`error` varchar(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	CONSTRAINT `ingest_runs_run_id` PRIMARY KEY(`run_id`)
);
--> statement-breakpoint
CREATE TABLE `observations` (
	`seq` bigint AUTO_INCREMENT NOT NULL,
	`series_id` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`date` date NOT NULL,
	`value` decimal(20,8) NOT NULL,
	`scale` tinyint NOT NULL,
	`revision` smallint NOT NULL,
	`observed_at` datetime(3) NOT NULL,
	`batch_id` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	CONSTRAINT `observations_seq` PRIMARY KEY(`seq`),
	CONSTRAINT `observations_series_date_revision` UNIQUE(`series_id`,`date`,`revision`)
);
--> statement-breakpoint
CREATE TABLE `quarantine` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`series_id` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`date` date NOT NULL,
	`value` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`reason` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`batch_id` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`quarantined_at` datetime(3) NOT NULL,
	`released_at` datetime(3),
	CONSTRAINT `quarantine_id` PRIMARY KEY(`id`),
	CONSTRAINT `quarantine_once` UNIQUE(`series_id`,`date`,`value`,`reason`)
);
--> statement-breakpoint
CREATE TABLE `series` (
	`id` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`provider` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`base` varchar(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`quote` varchar(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	CONSTRAINT `series_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE INDEX `ingest_runs_started` ON `ingest_runs` (`started_at`);