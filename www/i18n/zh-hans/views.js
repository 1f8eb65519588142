/** 视图的中文文字。 */
export default {
  'format.newline': '换行',
  'format.tab': '制表符',
  'format.bytes': '字节 {bytes}',
  'format.seconds': '{s} 秒',
  'format.minutes': '{m} 分 {s} 秒',
  'format.hours': '{h} 小时 {m} 分',
};
