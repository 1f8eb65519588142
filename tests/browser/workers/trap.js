/** An engine that traps at step 12. */
import { broken } from './broken.js';
import { trap } from './unreachable.js';

await broken((step) => {
  if (step >= 12) trap();
});
