import type { Said } from '../../src/contract/manifest.ts';

/** What people read before they connect, in other languages than the manifest's own. */
export const said: Said = {
  ja: {
    about: 'あらゆるツールのリストやエクスポートから、コンタクト、会社、アンケート回答を取り込みます。',
    auth: {
      none: {
        label: 'サインインは不要',
        help: 'ファイルはここで、または syncline import <file> --into <name> で取り込みます。',
        fields: {},
      },
    },
  },
  th: {
    about: 'ผู้ติดต่อ บริษัท และคำตอบแบบสำรวจจากรายชื่อและไฟล์ส่งออกของเครื่องมือใดก็ได้',
    auth: {
      none: {
        label: 'ไม่ต้องลงชื่อเข้าใช้',
        help: 'นำเข้าไฟล์ได้ที่นี่ หรือด้วย syncline import <file> --into <name>',
        fields: {},
      },
    },
  },
};
