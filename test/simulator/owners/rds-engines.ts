/** AWS Backup's types to the engines they run; a database of RDS may run any. */
const engines: Readonly<Record<string, string>> = {
  Aurora: "aurora-postgresql",
  DocumentDB: "docdb",
  Neptune: "neptune",
};

export function engineOf(type: string): string {
  return engines[type] ?? "postgres";
}
