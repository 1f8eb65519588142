/** 分享对话框和出生证明的中文文字。 */
export default {
  'share.title': '分享',
  'share.kind': '链接种类',
  'share.kind.page': '这个页面。',
  'share.kind.page.text': '你看到的样子：设置、文本、章节。打开后不会自动开始。',
  'share.kind.lesson': '一堂课。',
  'share.kind.lesson.text': '同上，但写明每一项设置，谁打开、什么时候打开都一样。打开后不会自动开始。',
  'share.kind.birth': '出生证明。',
  'share.kind.birth.text':
    '附上损失曲线和第 {steps} 步权重的哈希值：打开的人可以训练出一模一样的模型，逐位相同，并当场核对。',
  'share.why.untrained': '模型还什么都没学：先训练。',
  'share.why.running': '模型正在学习：先暂停。',
  'share.why.relaxed': '引擎的快速版本在不同机器上结果不完全相同：在设置里改用精确版本。',
  'share.why.tuned': '中途改过学习率或计划步数，链接写不出是什么时候改的。重置，然后按现在的设置训练。',
  'share.why.origin': '这个模型是打开或恢复来的，页面无法证明它最初的步数。重置，然后在这里训练。',
  'share.why.text': '你的训练文本超过了链接能带的 2 kB。',
  'share.why.insecure': '只有通过 https 打开的页面，浏览器才肯计算哈希值。',
  'share.link': '链接',
  'share.qr': '链接的二维码',
  'share.qr.long': '链接有 {n} 个字符，二维码放不下。',
  'share.pictures': '把图存成图片',
  'share.picture.loss': '损失',
  'share.picture.attention': '注意力',
  'birth.told':
    '<b>这个链接带有出生证明。</b>种子 {seed}，{steps} 步，哈希值 {hash}。点线是发送者的曲线。按“训练”，让同一个模型再出生一次。',
  'birth.same': '<b>是同一个模型。</b>训练 {steps} 步后，你的哈希值是 {found}，和发送者的逐位相同。',
  'birth.differs':
    '<b>不是同一个模型。</b>训练 {steps} 步后，你的哈希值是 {found}，证明上写的是 {expected}。要么证明被改过，要么它来自这个页面的另一个版本。',
  'birth.other': '<b>证明对不上这个模型：</b>设置改过了。重新打开链接再比。',
  'birth.relaxed': '<b>引擎的快速版本在每台机器上结果不完全相同。</b>在设置里改用精确版本，再重新打开链接。',
  'birth.insecure': '<b>这里算不了哈希值：</b>只有通过 https 打开的页面，浏览器才肯计算。',
  'birth.failed': '<b>哈希值没能算出来。</b>重新打开链接再比。',
};
