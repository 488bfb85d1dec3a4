import type { Said, Words } from '../words.ts';

export const choices: Said<Words['choices']> = {
  openFor: '{{system}}に選択肢を追加',
  openAll: '{{system}}の{{field}}に選択肢を追加',
  title: '選択肢の追加',
  about: 'この項目に該当する選択肢がないため、次の値を持つレコードが待機しています。',
  nothing: 'この項目の選択肢を待っているレコードは、もうありません。',
  waits_other: '{{count, number}}件が待機中',
  label: '{{system}}での表示名',
  labelOf: '{{value}}の{{system}}での表示名',
  blank: '表示名を入力してください',
  there: 'この選択肢はすでにあります。{{system}}は、レコードタイプなど別の理由で拒否しました。',
  forAll:
    '選択肢は{{system}}の全員に対して、既存の選択肢の後ろに追加されます。既存の選択肢の名前や順序が変わったり、なくなったりすることはありません。',
  retries_other: '待機中の{{count, number}}件は、すぐに再試行されます。',
  needs: '接続には{{system}}での次の権限が必要です:',
  stays: 'Synclineが選択肢を削除することはありません。不要になった場合は、{{system}}で削除してください。',
  add: '{{system}}に追加',
  mapInstead: '代わりに値を対応付ける',
  signInAgain: 'この権限を付けてサインインし直す',
  done_other: '{{system}}の{{field}}に選択肢を{{count, number}}個追加しました。',
  found: '{{system}}の{{field}}にはすでにこの選択肢があり、追加は不要でした。',
  tried_other: '{{count, number}}件を再試行します。',
  closedTitle: 'この一覧にはここから追加できません',
  closed: {
    no_list: 'この項目には、追加できる選択肢の一覧がありません。',
    fixed: 'この一覧は連携先が管理しており、変更できません。',
    kept_elsewhere: '選択肢は、ユーザーやパイプラインなど別の設定から作られています。その設定で追加してください。',
    shared: 'ほかの項目も同じ一覧を使っています。影響する項目を確認できる連携先で追加してください。',
    dependent: '選べる値が別の項目によって決まります。その条件を設定できる連携先で追加してください。',
    packaged: 'インストール済みパッケージの項目です。パッケージの管理者に相談してください。',
  },
};
