import authSettings from "./auth_settings.json" with { type: "json" };

/** The settings of a project, in the shape in which `config push` reads all of them at once. */
export interface Config {
  database: Record<string, unknown>;
  pooler: Record<string, unknown>;
  auth: Record<string, unknown>;
  api: Record<string, unknown>;
  realtime: Record<string, unknown>;
  storage: Record<string, unknown>;
}

/** What a hosted project begins with, as far as the CLI insists on a value. */
export function defaultConfig(): Config {
  return {
    database: {
      major_version: 17,
      ssl_enforced: false,
      network_restrictions: {
        entitlement: "allowed",
        status: "applied",
        allowed_cidrs: [{ address: "0.0.0.0/0", type: "v4" }, { address: "::/0", type: "v6" }],
      },
      postgres_settings: {},
    },
    pooler: {
      pool_mode: "transaction",
      ignore_startup_parameters: "extra_float_digits",
      server_idle_timeout: 600,
      server_lifetime: 3600,
      query_wait_timeout: 120,
      reserve_pool_size: 0,
      default_pool_size: 15,
      max_client_conn: 200,
    },
    auth: { ...authSettings },
    api: {
      db_schema: "public,graphql_public",
      db_extra_search_path: "public, extensions",
      max_rows: 1000,
      db_pool: null,
      db_pool_acquisition_timeout: 10,
      db_pool_max_idletime: 30,
      db_pool_max_lifetime: 1800,
    },
    realtime: {
      private_only: false,
      max_concurrent_users: 200,
      max_events_per_second: 100,
      max_bytes_per_second: 100_000,
      max_channels_per_client: 100,
      max_joins_per_second: 100,
      max_presence_events_per_second: 100,
      max_payload_size_in_kb: 100,
      presence_enabled: true,
      suspend: false,
      connection_pool: 2,
      postgres_changes_pool: null,
    },
    storage: {
      file_size_limit: 52_428_800,
      features: {
        image_transformation: { enabled: false },
        s3_protocol: { enabled: false },
        purge_cache: { enabled: false },
        iceberg_catalog: { enabled: false, max_namespaces: 0, max_tables: 0, max_catalogs: 0 },
        vector_buckets: { enabled: false, max_buckets: 0, max_indexes: 0 },
      },
      capabilities: { list_v2: true, iceberg_catalog: false, object_versioning: false },
      upstream_target: "main",
      migration_version: "iceberg-catalog-ids",
      database_pool_mode: "transaction",
    },
  };
}
