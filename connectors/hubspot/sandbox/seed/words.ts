import type { Person } from '../../../../src/sandbox/people.ts';

type Locale = Person['locale'];
type Words = Readonly<Record<Locale, readonly string[]>>;

export const DEALS: Words = {
  en: ['Annual licence', 'Onboarding package', 'Support plan', 'Expansion to all sites', 'Pilot project', 'Training days'],
  ja: ['年間ライセンス', '導入パッケージ', 'サポート契約', '全拠点展開', '試験導入', '研修プログラム'],
  th: ['สัญญารายปี', 'แพ็กเกจเริ่มต้นใช้งาน', 'แผนสนับสนุน', 'ขยายทุกสาขา', 'โครงการนำร่อง', 'อบรมพนักงาน'],
};

export const TICKETS: Words = {
  en: [
    'Cannot sign in',
    'Invoice shows the wrong address',
    'Export stops half way',
    'Please add a second user',
    'Question about the contract',
  ],
  ja: ['ログインできません', '請求書の住所が違います', 'エクスポートが途中で止まります', 'ユーザーを追加したい', '契約についての質問'],
  th: ['เข้าสู่ระบบไม่ได้', 'ที่อยู่ในใบแจ้งหนี้ไม่ถูกต้อง', 'ส่งออกข้อมูลไม่สำเร็จ', 'ขอเพิ่มผู้ใช้', 'สอบถามเรื่องสัญญา'],
};

export const NOTES: Words = {
  en: [
    'Prefers to be called in the morning.',
    'Decides together with the finance team.',
    'Asked for a reference customer.',
    'Budget is fixed until March.',
  ],
  ja: ['午前中の連絡を希望。', '経理部と一緒に決定する。', '導入事例を希望。', '予算は三月まで確定。'],
  th: ['สะดวกรับสายช่วงเช้า', 'ตัดสินใจร่วมกับฝ่ายการเงิน', 'ขอดูลูกค้าอ้างอิง', 'งบประมาณคงที่ถึงเดือนมีนาคม'],
};

export const TASKS: Words = {
  en: ['Send the offer', 'Call back', 'Prepare the renewal', 'Share the case study'],
  ja: ['見積書を送付', '折り返し電話', '更新の準備', '事例を共有'],
  th: ['ส่งใบเสนอราคา', 'โทรกลับ', 'เตรียมต่อสัญญา', 'ส่งกรณีศึกษา'],
};

export const TALKS: Words = {
  en: ['First call', 'Demo', 'Quarterly review', 'Follow-up', 'Price talk'],
  ja: ['初回の電話', 'デモ', '四半期レビュー', 'フォローアップ', '価格の相談'],
  th: ['โทรครั้งแรก', 'สาธิตสินค้า', 'ทบทวนรายไตรมาส', 'ติดตามผล', 'คุยเรื่องราคา'],
};
