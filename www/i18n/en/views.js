/** English words of the views. */
export default {
  'format.newline': 'newline',
  'format.tab': 'tab',
  'format.bytes': 'bytes {bytes}',
  'format.seconds': '{s} s',
  'format.minutes': '{m} min {s} s',
  'format.hours': '{h} h {m} min',
};
