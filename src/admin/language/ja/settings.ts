import type { Said, Words } from '../words.ts';

export const settings: Said<Words['settings']> = {
  title: '設定',
  about: '表示に関する設定です。どの端末でログインしても適用されます。',
  you: '個人設定',
  timeZone: 'タイムゾーン',
  timeZoneHelp: '日時をこのタイムゾーンで表示します。',
  ofBrowser: 'ブラウザーに合わせる: {{zone}}',
  kept: '保存しました',
  name: '氏名',
  role: '権限',
};
