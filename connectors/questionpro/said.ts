import type { Said } from '../../src/contract/manifest.ts';

/** What people read before they connect, in other languages than the manifest's own. */
export const said: Said = {
  ja: {
    about: 'QuestionPro SurveysとCXのアンケート回答。',
    auth: {
      token: {
        label: 'APIキー',
        help: 'QuestionProのプロフィールの「API key」に表示されます。そのユーザーの権限で動作します。接続のアドレスは、アカウントのデータセンターのものです: api.questionpro.com、.eu、.ca、.sg、.au、.ae、https://api.surveyanalytics.com（SA）、https://api.questionprosa.com（KSA）。',
        fields: {
          token: 'APIキー',
        },
      },
    },
  },
  th: {
    about: 'คำตอบแบบสำรวจจาก QuestionPro Surveys และ CX',
    auth: {
      token: {
        label: 'คีย์ API',
        help: 'ดูได้ที่ "API key" ในโปรไฟล์ QuestionPro ของคุณ ทำงานด้วยสิทธิ์ของผู้ใช้นั้น ที่อยู่ของการเชื่อมต่อคือศูนย์ข้อมูลของบัญชี ได้แก่ api.questionpro.com, .eu, .ca, .sg, .au, .ae, https://api.surveyanalytics.com (SA) หรือ https://api.questionprosa.com (KSA)',
        fields: {
          token: 'คีย์ API',
        },
      },
    },
  },
};
