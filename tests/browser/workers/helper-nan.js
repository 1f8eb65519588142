/** A helper whose fifth gradient is not a number. */
import { faulty } from './helper.js';

faulty((count, gradient) => {
  if (count === 5) gradient[3] = Number.NaN;
});
