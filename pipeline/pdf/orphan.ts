import { Worker } from 'node:worker_threads';

/*
 * Loaded into every sandbox before its own module: a process whose parent was killed must not go
 * on, not even in the middle of an endless loop, hence a thread.
 */

new Worker(
  `const process = require('node:process');
   const parent = process.ppid;
   setInterval(() => {
     if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
   }, 500);`,
  { eval: true },
).unref();
