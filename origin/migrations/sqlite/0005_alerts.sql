CREATE TABLE `alert_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`account_id` text NOT NULL,
	`type` text NOT NULL,
	`alert_id` integer,
	`version` integer,
	`body` text NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alert_events_once` ON `alert_events` (`alert_id`,`version`);--> statement-breakpoint
CREATE INDEX `alert_events_account` ON `alert_events` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `alert_metrics` (
	`metric` text PRIMARY KEY NOT NULL,
	`first_source` text NOT NULL,
	`second_source` text,
	`date` text NOT NULL,
	`version` integer NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `alert_metrics_first` ON `alert_metrics` (`first_source`);--> statement-breakpoint
CREATE INDEX `alert_metrics_second` ON `alert_metrics` (`second_source`);--> statement-breakpoint
CREATE TABLE `alerts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`public_id` text NOT NULL,
	`account_id` text NOT NULL,
	`metric` text NOT NULL,
	`direction` integer NOT NULL,
	`threshold` integer NOT NULL,
	`state` integer NOT NULL,
	`cooldown_ms` integer NOT NULL,
	`ready_at_ms` integer NOT NULL,
	`endpoint_ids` text,
	`note` text,
	`created_at_ms` integer NOT NULL,
	`last_fired_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_public_id` ON `alerts` (`public_id`);--> statement-breakpoint
CREATE INDEX `alerts_flip` ON `alerts` (`metric`,`direction`,`state`,`threshold`,`id`);--> statement-breakpoint
CREATE INDEX `alerts_account` ON `alerts` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`account_id` text NOT NULL,
	`event_id` integer NOT NULL,
	`endpoint_id` integer NOT NULL,
	`status` integer NOT NULL,
	`attempts` integer NOT NULL,
	`due_at_ms` integer NOT NULL,
	`lease_id` text,
	`created_at_ms` integer NOT NULL,
	`finished_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_once` ON `deliveries` (`event_id`,`endpoint_id`);--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`status`,`due_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_endpoint` ON `deliveries` (`endpoint_id`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_lease` ON `deliveries` (`lease_id`);--> statement-breakpoint
CREATE TABLE `delivery_attempts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`delivery_id` integer NOT NULL,
	`n` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`status` integer,
	`error` text,
	`duration_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `delivery_attempts_once` ON `delivery_attempts` (`delivery_id`,`n`);--> statement-breakpoint
CREATE TABLE `endpoints` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`public_id` text NOT NULL,
	`account_id` text NOT NULL,
	`url` text NOT NULL,
	`secret` text NOT NULL,
	`previous_secret` text,
	`previous_until_ms` integer,
	`event_types` text,
	`status` text NOT NULL,
	`disabled_reason` text,
	`failing_since_ms` integer,
	`timeouts` integer NOT NULL,
	`paused_until_ms` integer NOT NULL,
	`note` text,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `endpoints_public_id` ON `endpoints` (`public_id`);--> statement-breakpoint
CREATE INDEX `endpoints_account` ON `endpoints` (`account_id`,`id`);