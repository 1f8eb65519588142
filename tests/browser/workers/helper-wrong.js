/** A helper whose gradients are off by a hundredth. */
import { faulty } from './helper.js';

faulty((_, gradient) => {
  for (let i = 0; i < gradient.length; i++) gradient[i] *= 1.01;
});
