/** A helper that never comes back from its fifth gradient. */
import { faulty } from './helper.js';

faulty((count) => {
  while (count === 5);
});
