import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/server.ts'],
    // Real servers, browsers and readers on a slow machine; nothing is timed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each file is a process: native code of one cannot bring down another.
    pool: 'forks',
    maxWorkers: 2,
  },
});
