/** A helper that traps at its fifth gradient. */
import { faulty } from './helper.js';
import { trap } from './unreachable.js';

faulty((count) => {
  if (count === 5) trap();
});
