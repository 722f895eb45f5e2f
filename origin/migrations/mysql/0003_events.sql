CREATE TABLE `event_cursors` (
	`consumer` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`seq` bigint NOT NULL,
	`moved_at` datetime(3) NOT NULL,
	CONSTRAINT `event_cursors_consumer` PRIMARY KEY(`consumer`)
);
--> statement-breakpoint
CREATE TABLE `event_head` (
	`id` tinyint NOT NULL,
	`seq` bigint NOT NULL,
	`since_version` bigint NOT NULL,
	CONSTRAINT `event_head_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `events` (
	`seq` bigint NOT NULL,
	`type` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`subject` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`version` bigint,
	`data` json NOT NULL,
	`occurred_at` datetime(3) NOT NULL,
	`batch_id` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	CONSTRAINT `events_seq` PRIMARY KEY(`seq`),
	CONSTRAINT `events_once` UNIQUE(`subject`,`version`)
);
--> statement-breakpoint
INSERT INTO `event_head` (`id`, `seq`, `since_version`) SELECT 1, 0, COALESCE(MAX(`seq`), 0) FROM `observations`;
