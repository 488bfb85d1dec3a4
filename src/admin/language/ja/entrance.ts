import type { Said, Words } from '../words.ts';

export const entrance: Said<Words['entrance']> = {
  signIn: 'ログイン',
  about: 'Synclineは、顧客情報を扱うシステム同士を常に一致させます。',
  email: 'メールアドレス',
  password: 'パスワード',
  name: '氏名',
  invitedEmail: '招待を受けたメールアドレスを入力してください。',
  yourPassword: 'パスワードを入力してください。',
  yourName: '氏名を入力してください。',
  anEmail: 'メールアドレスを入力してください。',
  atLeast: '{{count, number}}文字以上で入力してください。',
  passwordHelp: '{{count, number}}文字以上。覚えやすい単語をいくつか組み合わせることをおすすめします。',
  forgotten: 'パスワードが未設定の場合やお忘れの場合は、管理者がログイン用のワンタイムリンクを発行できます。',
  signingIn: 'ログインしています',
  once: 'リンクは1時間以内に1回だけ使用できます。',
  withPassword: 'パスワードでログイン',
  welcome: 'Synclineへようこそ',
  first: '最初の利用者として、管理者アカウントを作成します。ほかのメンバーは後から招待できます。',
  noToken: 'アドレスにトークンが含まれていません。Synclineが表示した初期設定リンクを、そのまま開いてください。',
  make: 'アカウントを作成',
};
