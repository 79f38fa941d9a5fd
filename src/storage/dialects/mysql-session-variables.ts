/** What a variable of a session is set to, as the server shows it. */
export type Value = string | number | bigint;

/** Session variables that promises rest on. docs/storage.md says which ones: keep it up to date. */
export const VARIABLES: Record<string, Value> = {
  autocommit: 'ON',
  completion_type: 'NO_CHAIN',
  // Backslashes escape, as the driver expects; double quotes are texts; what does not fit is an error.
  sql_mode: 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
  unique_checks: 'ON',
  foreign_key_checks: 'ON',
  sql_safe_updates: 'OFF',
  sql_auto_is_null: 'OFF',
  sql_big_selects: 'ON',
  sql_select_limit: 18_446_744_073_709_551_615n,
  group_concat_max_len: 1_048_576,
  time_zone: '+00:00',
  // Idle connections are ours to close.
  wait_timeout: 28_800,
};

/** What one of the two servers does not know, as comments that only the other executes. Statements have our own deadline. */
export const FOREIGN =
  '/*M!100101 , max_statement_time = 0 */ /*!50708 , max_execution_time = 0 */';

export const STATEMENTS = [
  // READ COMMITTED takes no gap locks. By MySQL's own default a login that finds no user would lock the gap where its
  // number belongs, and with it the first logins of others.
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE',
  // A server may ignore the character set of the handshake.
  'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
];

/** What these statements set. Of names for one thing a server knows one or both. */
export const BY_STATEMENT: Record<string, Value> = {
  tx_isolation: 'READ-COMMITTED',
  transaction_isolation: 'READ-COMMITTED',
  tx_read_only: 'OFF',
  transaction_read_only: 'OFF',
  character_set_client: 'utf8mb4',
  character_set_connection: 'utf8mb4',
  character_set_results: 'utf8mb4',
  collation_connection: 'utf8mb4_bin',
  max_statement_time: 0,
  max_execution_time: 0,
};
