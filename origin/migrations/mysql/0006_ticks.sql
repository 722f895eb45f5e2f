CREATE TABLE `tick_boards` (
	`provider` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`content` mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	CONSTRAINT `tick_boards_provider` PRIMARY KEY(`provider`)
);
--> statement-breakpoint
CREATE TABLE `tick_pages` (
	`series_id` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`slot` smallint NOT NULL,
	`period` varchar(13) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`content` mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	CONSTRAINT `tick_pages_series_id_slot_pk` PRIMARY KEY(`series_id`,`slot`)
);
--> statement-breakpoint
CREATE INDEX `tick_pages_period` ON `tick_pages` (`series_id`,`period`);
