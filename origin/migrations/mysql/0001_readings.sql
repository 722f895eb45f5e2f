CREATE TABLE `store_meta` (
	`name` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`value` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	CONSTRAINT `store_meta_name` PRIMARY KEY(`name`)
);
--> statement-breakpoint
ALTER TABLE `observations` ADD `withdrawn` boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `observations` ADD `fetched_at` datetime(3);--> statement-breakpoint
ALTER TABLE `quarantine` ADD `fetched_at` datetime(3);--> statement-breakpoint
ALTER TABLE `quarantine` ADD `closed_at` datetime(3);--> statement-breakpoint
ALTER TABLE `quarantine` ADD `outcome` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;