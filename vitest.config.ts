import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Most tests wait for Postgres and sockets: one worker less than there are cores would leave a machine of two idle.
    maxWorkers: 3,
    // Names say what holds, to their end.
    taskTitleValueFormatTruncate: 0,
    projects: [
      { extends: true, test: { name: 'architecture', include: ['test/architecture.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['test/{kernel,admin,causes,merge,mapping,feedback,simulation/planner,simulation/mutants}/**/*.test.ts'],
        },
      },
      { extends: true, test: { name: 'vendors', include: ['test/{sandbox,connectors,conformance}/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'hub',
          include: ['test/{hub,sync,jobs,http,commands,crash}/**/*.test.ts'],
          globalSetup: ['test/support/postgres.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'engine', include: ['test/simulation/engine/*.test.ts'], globalSetup: ['test/support/postgres.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'page',
          include: ['test/{page,edge}/**/*.test.ts'],
          globalSetup: ['test/support/postgres.ts', 'test/page/built.ts'],
          // After all others: a browser that waits for its turn would make them late, and be late itself.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
        },
      },
    ],
  },
});
