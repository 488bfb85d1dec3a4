import type { Said } from '../../src/contract/manifest.ts';

/** What people read before they connect, in other languages than the manifest's own. */
export const said: Said = {
  ja: {
    about: 'JSONまたはフォームデータで送信できるツールやフォームから、回答、コンタクト、会社を受け取ります。',
    auth: {
      token: {
        label: 'シークレット',
        help: 'ツールが送信時の署名に使う値、または一緒に送るトークンです。誰にも推測できない32文字以上が最適です。',
        fields: {
          token: 'シークレット',
        },
      },
    },
  },
  th: {
    about: 'คำตอบ ผู้ติดต่อ และบริษัทจากเครื่องมือหรือฟอร์มที่ส่งเป็น JSON หรือข้อมูลฟอร์มได้',
    auth: {
      token: {
        label: 'ความลับ',
        help: 'สิ่งที่เครื่องมือใช้ลงนามการส่ง หรือโทเค็นที่ส่งมาด้วย ควรยาวอย่างน้อย 32 อักขระและไม่มีใครเดาได้',
        fields: {
          token: 'ความลับ',
        },
      },
    },
  },
};
