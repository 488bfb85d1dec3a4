import type { Said } from '../../src/contract/manifest.ts';

/** What people read before they connect, in other languages than the manifest's own. */
export const said: Said = {
  ja: {
    about: 'Typeformアカウントのフォームへの回答。',
    auth: {
      token: {
        label: '個人用アクセストークン',
        help: 'Typeformの「Personal tokens」で一度だけ表示されます。accounts:read、forms:read、responses:readが必要で、Webhookにはwebhooks:readとwebhooks:writeも必要です。欧州データセンターのアカウントの場合、接続のアドレスは https://api.eu.typeform.com、2025年8月以降に作成したものは https://api.typeform.eu です。トークンは自身の地域でのみ有効です。',
        fields: {
          token: '個人用アクセストークン',
        },
      },
    },
  },
  th: {
    about: 'คำตอบของฟอร์มในบัญชี Typeform',
    auth: {
      token: {
        label: 'โทเค็นการเข้าถึงส่วนบุคคล',
        help: 'Typeform แสดงครั้งเดียวใต้ "Personal tokens" ต้องมี accounts:read, forms:read และ responses:read ส่วนเว็บฮุกต้องมี webhooks:read และ webhooks:write สำหรับบัญชีในศูนย์ข้อมูลยุโรป ที่อยู่ของการเชื่อมต่อคือ https://api.eu.typeform.com หรือ https://api.typeform.eu หากสร้างตั้งแต่เดือนสิงหาคม 2025 โทเค็นใช้ได้เฉพาะในภูมิภาคของตน',
        fields: {
          token: 'โทเค็นการเข้าถึงส่วนบุคคล',
        },
      },
    },
  },
};
