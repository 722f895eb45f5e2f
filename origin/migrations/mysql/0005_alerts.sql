CREATE TABLE `alert_events` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`account_id` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`type` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`alert_id` bigint,
	`version` bigint,
	`body` varchar(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`at_ms` bigint NOT NULL,
	CONSTRAINT `alert_events_id` PRIMARY KEY(`id`),
	CONSTRAINT `alert_events_once` UNIQUE(`alert_id`,`version`)
);
--> statement-breakpoint
CREATE TABLE `alert_metrics` (
	`metric` varchar(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`first_source` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`second_source` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`date` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`version` bigint NOT NULL,
	`value` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	CONSTRAINT `alert_metrics_metric` PRIMARY KEY(`metric`)
);
--> statement-breakpoint
CREATE TABLE `alerts` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`public_id` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`account_id` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`metric` varchar(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`direction` tinyint NOT NULL,
	`threshold` bigint NOT NULL,
	`state` tinyint NOT NULL,
	`cooldown_ms` bigint NOT NULL,
	`ready_at_ms` bigint NOT NULL,
	`endpoint_ids` varchar(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`note` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`created_at_ms` bigint NOT NULL,
	`last_fired_at_ms` bigint,
	CONSTRAINT `alerts_id` PRIMARY KEY(`id`),
	CONSTRAINT `alerts_public_id` UNIQUE(`public_id`)
);
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`account_id` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`event_id` bigint NOT NULL,
	`endpoint_id` bigint NOT NULL,
	`status` tinyint NOT NULL,
	`attempts` int NOT NULL,
	`due_at_ms` bigint NOT NULL,
	`lease_id` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`created_at_ms` bigint NOT NULL,
	`finished_at_ms` bigint,
	CONSTRAINT `deliveries_id` PRIMARY KEY(`id`),
	CONSTRAINT `deliveries_once` UNIQUE(`event_id`,`endpoint_id`)
);
--> statement-breakpoint
CREATE TABLE `delivery_attempts` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`delivery_id` bigint NOT NULL,
	`n` tinyint NOT NULL,
	`at_ms` bigint NOT NULL,
	`status` smallint,
	`error` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`duration_ms` bigint NOT NULL,
	CONSTRAINT `delivery_attempts_id` PRIMARY KEY(`id`),
	CONSTRAINT `delivery_attempts_once` UNIQUE(`delivery_id`,`n`)
);
--> statement-breakpoint
CREATE TABLE `endpoints` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`public_id` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`account_id` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`url` varchar(2048) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`secret` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`previous_secret` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`previous_until_ms` bigint,
	`event_types` varchar(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`status` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`disabled_reason` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`failing_since_ms` bigint,
	`timeouts` int NOT NULL,
	`paused_until_ms` bigint NOT NULL,
	`note` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`created_at_ms` bigint NOT NULL,
	CONSTRAINT `endpoints_id` PRIMARY KEY(`id`),
	CONSTRAINT `endpoints_public_id` UNIQUE(`public_id`)
);
--> statement-breakpoint
CREATE INDEX `alert_events_account` ON `alert_events` (`account_id`,`id`);--> statement-breakpoint
CREATE INDEX `alert_metrics_first` ON `alert_metrics` (`first_source`);--> statement-breakpoint
CREATE INDEX `alert_metrics_second` ON `alert_metrics` (`second_source`);--> statement-breakpoint
CREATE INDEX `alerts_flip` ON `alerts` (`metric`,`direction`,`state`,`threshold`,`id`);--> statement-breakpoint
CREATE INDEX `alerts_account` ON `alerts` (`account_id`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`status`,`due_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_endpoint` ON `deliveries` (`endpoint_id`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_lease` ON `deliveries` (`lease_id`);--> statement-breakpoint
CREATE INDEX `endpoints_account` ON `endpoints` (`account_id`,`id`);