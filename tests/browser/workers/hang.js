/** An engine that never comes back from step 5. */
import { broken } from './broken.js';

await broken((step) => {
  while (step >= 5);
});
