// Node 20 hands the loader of TypeScript to no thread, so each registers it for itself.
import { register } from 'tsx/esm/api';

register();
await import('./thread.ts');
