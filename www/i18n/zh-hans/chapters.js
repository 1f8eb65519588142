/** 各章共用框架的中文文字。 */
export default {
  'chapter.all': '章节',
  'chapter.number': '第 {number} 章',
  'chapter.title.ch1': '文本变成词元',
  'chapter.title.ch2': '预测下一个词元',
  'chapter.title.ch3': 'Transformer 里面',
  'chapter.figure': '互动图：{title}',
  'chapter.back': '上一章',
  'chapter.try': '动手试试',
  'chapter.check': '检验一下',
  'chapter.check.button': '核对',
  'chapter.right': '答对了。',
  'chapter.wrong': '再想想。',
  'chapter.task': '任务',
  'chapter.done': '完成了。',
  'chapter.progress': '已完成 {n} / {of} 个检验点',
  'chapter.reset': '清除我的回答',
};
