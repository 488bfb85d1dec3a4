/**
 * SQL by which a schema of its own answers `now()` and `clock_timestamp()` with `moment`, an SQL expression, for every default of a column at once,
 * and for each statement whose search path names the schema before `pg_catalog`.
 */
export const shadowNow = (schema: string, moment: string): string => `
create schema if not exists ${schema};
create or replace function ${schema}.now() returns timestamptz language sql stable as $$ select ${moment} $$;
create or replace function ${schema}.clock_timestamp() returns timestamptz language sql stable as $$ select ${moment} $$;
do $$ declare spot record; begin
  for spot in
    select a.attrelid::regclass as place, a.attname as name from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
      join pg_class c on c.oid = a.attrelid and c.relnamespace = 'public'::regnamespace
    where pg_get_expr(d.adbin, d.adrelid) ~ '(now|clock_timestamp)\\(\\)|CURRENT_TIMESTAMP'
  loop
    execute format('alter table %s alter column %I set default ${schema}.now()', spot.place, spot.name);
  end loop;
end $$;`;
