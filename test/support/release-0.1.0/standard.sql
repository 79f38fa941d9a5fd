CREATE TABLE `migrations` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `timestamp` bigint(20) NOT NULL,
  `name` varchar(255) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
CREATE TABLE `users` (
  `id` bigint(20) NOT NULL,
  `mobile` varchar(16) NOT NULL,
  `name` varchar(64) NOT NULL,
  `username` varchar(32) DEFAULT NULL,
  `password_hash` varchar(128) DEFAULT NULL,
  `status` varchar(16) NOT NULL,
  `last_login` bigint(20) NOT NULL,
  `verified_at` bigint(20) DEFAULT NULL,
  `created_at` bigint(20) NOT NULL,
  `updated_at` bigint(20) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_users_mobile` (`mobile`),
  UNIQUE KEY `uq_users_username` (`username`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE `user_profiles` (
  `id` bigint(20) NOT NULL,
  `gender` varchar(16) DEFAULT NULL,
  `birthday` varchar(10) DEFAULT NULL,
  `avatar_url` varchar(512) DEFAULT NULL,
  `introduction` varchar(500) DEFAULT NULL,
  `locale` varchar(35) DEFAULT NULL,
  `time_zone` varchar(64) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE `sessions` (
  `id` bigint(20) NOT NULL,
  `user_id` bigint(20) NOT NULL,
  `challenge_id` varchar(32) DEFAULT NULL,
  `generation` int(11) NOT NULL,
  `rotated_at` bigint(20) DEFAULT NULL,
  `device` varchar(64) DEFAULT NULL,
  `network` varchar(45) NOT NULL,
  `created_at` bigint(20) NOT NULL,
  `last_used_at` bigint(20) NOT NULL,
  `expires_at` bigint(20) NOT NULL,
  `ended_at` bigint(20) DEFAULT NULL,
  `end_reason` varchar(16) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_sessions_challenge_id` (`challenge_id`),
  KEY `ix_sessions_user_id` (`user_id`,`ended_at`,`expires_at`),
  KEY `ix_sessions_ended_at` (`ended_at`),
  KEY `ix_sessions_expires_at` (`ended_at`,`expires_at`),
  KEY `ix_sessions_last_used_at` (`ended_at`,`last_used_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE `challenges` (
  `mobile` varchar(16) NOT NULL,
  `id` varchar(32) NOT NULL,
  `tag` varchar(32) NOT NULL,
  `expires_at` bigint(20) NOT NULL,
  PRIMARY KEY (`mobile`),
  KEY `ix_challenges_expires_at` (`expires_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE `sms_deliveries` (
  `id` bigint(20) NOT NULL,
  `challenge_id` varchar(32) NOT NULL,
  `mobile` varchar(16) NOT NULL,
  `country` varchar(2) NOT NULL,
  `provider` varchar(16) NOT NULL,
  `provider_message_id` varchar(64) DEFAULT NULL,
  `outcome` varchar(16) NOT NULL,
  `price` bigint(20) NOT NULL,
  `audience` varchar(16) NOT NULL,
  `created_at` bigint(20) NOT NULL,
  `verified_at` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_sms_deliveries_challenge_id` (`challenge_id`),
  KEY `ix_sms_deliveries_created_at` (`created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE `sms_spend` (
  `day` varchar(10) NOT NULL,
  `scope` varchar(2) NOT NULL,
  `total` bigint(20) NOT NULL,
  `fresh` bigint(20) NOT NULL,
  `total_alert` int(11) NOT NULL,
  `fresh_alert` int(11) NOT NULL,
  PRIMARY KEY (`day`,`scope`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE `sms_conversions` (
  `scope` varchar(16) NOT NULL,
  `minute` bigint(20) NOT NULL,
  `sent` int(11) NOT NULL,
  `verified` int(11) NOT NULL,
  PRIMARY KEY (`scope`,`minute`),
  KEY `ix_sms_conversions_minute` (`minute`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO migrations (timestamp, name) VALUES (1767225600000, 'CreateTables1767225600000');
INSERT INTO users (id, mobile, name, status, last_login, verified_at, created_at, updated_at)
  VALUES (42, '+8613800000042', 'Li Wei', 'active', 1767225600000, 1767225600000, 1767225600000, 1767225600000);
INSERT INTO user_profiles (id, locale) VALUES (42, 'zh-CN');
