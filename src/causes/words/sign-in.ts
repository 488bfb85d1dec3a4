import type { Words } from './words.ts';

/** What can go wrong when somebody signs in with a browser, and when what it gave is renewed: in every language. */
type SignInCause =
  | 'app_uninstalled'
  | 'address_refused'
  | 'renewal_interrupted'
  | 'sign_in_denied'
  | 'code_spent'
  | 'sign_in_expired'
  | 'sign_in_used'
  | 'sign_in_elsewhere'
  | 'redirect_unknown'
  | 'scope_refused'
  | 'other_account';

export const EN_SIGN_IN: Readonly<Record<SignInCause, Words>> = {
  app_uninstalled: [
    'The app is not installed in the account at {system}, or may not be used there.',
    'Let an administrator of {system} install and approve the app, then reconnect.',
  ],
  address_refused: [
    '{system} does not let this user sign in from here, or not at this hour.',
    'Let an administrator of {system} allow the address of the hub in the policies of the app, or in the profile of the user, then reconnect.',
  ],
  renewal_interrupted: [
    'The hub was stopped in the middle of renewing its access to {system}, and what it was given is lost.',
    'Reconnect. Nothing else is lost. If that does not help, somebody has withdrawn the access over there.',
  ],
  sign_in_denied: [
    'The access was not allowed on the page of {system}.',
    'Start again and allow it, as somebody who may install apps there.',
  ],
  code_spent: [
    'The one-time code of the sign-in at {system} is missing, was used before, or came too late.',
    'Start the sign-in again; nothing was changed.',
  ],
  sign_in_expired: ['The sign-in at {system} took longer than 15 minutes.', 'Start it again; nothing was changed.'],
  sign_in_used: ['This way back from {system} was used before.', 'Look whether the connection is there; if not, start the sign-in again.'],
  sign_in_elsewhere: [
    'This sign-in at {system} was not begun in this browser by who is signed in now.',
    'Start it again in one browser, and stay signed in to the hub meanwhile. If you did not start it, close the page: nothing was changed.',
  ],
  redirect_unknown: [
    'The app at {system} does not know the address that leads back to the hub.',
    'Enter the redirect address that the connect form shows in the app over there, exactly as it stands, and start again.',
  ],
  scope_refused: [
    'The app at {system} may not ask for one of the scopes.',
    'Give the app over there the scopes that the connect form lists, and start again.',
  ],
  other_account: [
    'These credentials belong to another account at {system} than the connection.',
    'Sign in to the account of the connection, or make a new connection for the other one.',
  ],
};

export const JA_SIGN_IN: Readonly<Record<SignInCause, Words>> = {
  app_uninstalled: [
    '{system}のアカウントにアプリがインストールされていないか、使用が許可されていません。',
    '{system}の管理者にアプリのインストールと承認を依頼し、接続し直してください。',
  ],
  address_refused: [
    '{system}では、この場所または時間帯からのユーザーのログインが許可されていません。',
    '{system}の管理者に、アプリのポリシーまたはユーザーのプロファイルでハブのアドレスを許可するよう依頼し、接続し直してください。',
  ],
  renewal_interrupted: [
    '{system}へのアクセスの更新中にハブが停止し、受け取るはずの情報が失われました。',
    '接続し直してください。ほかのデータは失われていません。それでも直らない場合は、{system}側でアクセスが取り消されています。',
  ],
  sign_in_denied: [
    '{system}の画面でアクセスが許可されませんでした。',
    'アプリをインストールできる方が、もう一度サインインして許可してください。',
  ],
  code_spent: [
    '{system}のサインインの一回限りのコードがないか、使用済みか、期限切れです。',
    'サインインをやり直してください。何も変更されていません。',
  ],
  sign_in_expired: ['{system}へのサインインに15分以上かかりました。', 'もう一度やり直してください。何も変更されていません。'],
  sign_in_used: [
    '{system}からの戻り先リンクは、すでに使用されています。',
    '接続ができているか確認し、できていなければサインインをやり直してください。',
  ],
  sign_in_elsewhere: [
    'この{system}へのサインインは、今サインインしている方がこのブラウザーで始めたものではありません。',
    'ハブにサインインしたまま、同じブラウザーでやり直してください。ご自身で始めたものでなければ、このページを閉じてください。何も変更されていません。',
  ],
  redirect_unknown: [
    '{system}のアプリに、ハブへ戻るアドレスが登録されていません。',
    '接続フォームに表示されるリダイレクト先を、そのまま{system}のアプリに登録し、やり直してください。',
  ],
  scope_refused: [
    '{system}のアプリに、要求したスコープの一部が許可されていません。',
    '接続フォームに表示されるスコープを{system}のアプリに追加し、やり直してください。',
  ],
  other_account: [
    'この認証情報は、接続とは別の{system}アカウントのものです。',
    '接続と同じアカウントでサインインするか、別のアカウント用に新しい接続を作成してください。',
  ],
};

export const TH_SIGN_IN: Readonly<Record<SignInCause, Words>> = {
  app_uninstalled: ['บัญชี {system} ไม่ได้ติดตั้งแอปนี้ หรือไม่อนุญาตให้ใช้', 'ให้ผู้ดูแล {system} ติดตั้งและอนุมัติแอป แล้วเชื่อมต่อใหม่'],
  address_refused: [
    '{system} ไม่อนุญาตให้ผู้ใช้นี้ลงชื่อเข้าใช้จากที่นี่ หรือในเวลานี้',
    'ให้ผู้ดูแล {system} อนุญาตที่อยู่ของฮับในนโยบายของแอปหรือในโปรไฟล์ของผู้ใช้ แล้วเชื่อมต่อใหม่',
  ],
  renewal_interrupted: [
    'ฮับหยุดทำงานขณะต่ออายุสิทธิ์เข้าถึง {system} และสิ่งที่ได้รับสูญหายไป',
    'เชื่อมต่อใหม่ ข้อมูลอื่นไม่สูญหาย หากยังไม่ได้ผล แสดงว่ามีผู้เพิกถอนสิทธิ์ใน {system}',
  ],
  sign_in_denied: ['ไม่ได้รับอนุญาตในหน้าของ {system}', 'เริ่มใหม่และกดอนุญาต โดยใช้ผู้ใช้ที่มีสิทธิ์ติดตั้งแอป'],
  code_spent: ['รหัสใช้ครั้งเดียวของการลงชื่อเข้าใช้ {system} ไม่มีมา ถูกใช้ไปแล้ว หรือหมดอายุ', 'เริ่มลงชื่อเข้าใช้ใหม่ ยังไม่มีอะไรเปลี่ยนแปลง'],
  sign_in_expired: ['การลงชื่อเข้าใช้ {system} ใช้เวลาเกิน 15 นาที', 'เริ่มใหม่อีกครั้ง ยังไม่มีอะไรเปลี่ยนแปลง'],
  sign_in_used: ['ลิงก์กลับจาก {system} นี้ถูกใช้ไปแล้ว', 'ดูว่ามีการเชื่อมต่อแล้วหรือไม่ หากไม่มี ให้เริ่มลงชื่อเข้าใช้ใหม่'],
  sign_in_elsewhere: [
    'การลงชื่อเข้าใช้ {system} นี้ไม่ได้เริ่มในเบราว์เซอร์นี้โดยผู้ที่ลงชื่อเข้าใช้อยู่',
    'เริ่มใหม่ในเบราว์เซอร์เดียวกันโดยลงชื่อเข้าใช้ฮับค้างไว้ หากคุณไม่ได้เป็นผู้เริ่ม ให้ปิดหน้านี้ ยังไม่มีอะไรเปลี่ยนแปลง',
  ],
  redirect_unknown: ['แอปใน {system} ไม่รู้จักที่อยู่สำหรับกลับมายังฮับ', 'ใส่ที่อยู่เปลี่ยนเส้นทางที่แสดงในฟอร์มเชื่อมต่อลงในแอปให้ตรงทุกตัวอักษร แล้วเริ่มใหม่'],
  scope_refused: ['แอปใน {system} ไม่มีสิทธิ์ขอขอบเขตสิทธิ์ (scope) บางรายการ', 'เพิ่มขอบเขตสิทธิ์ที่แสดงในฟอร์มเชื่อมต่อให้แอป แล้วเริ่มใหม่'],
  other_account: ['ข้อมูลเข้าสู่ระบบนี้เป็นของบัญชี {system} อื่น ไม่ใช่บัญชีของการเชื่อมต่อ', 'ลงชื่อเข้าใช้บัญชีของการเชื่อมต่อ หรือสร้างการเชื่อมต่อใหม่สำหรับบัญชีอื่น'],
};
