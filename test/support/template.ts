/** The migrated database from which the databases of test files are copied. */
export const TEMPLATE_DATABASE = 'so_goc_template';
