import type { Said } from '../../src/contract/manifest.ts';

/** What people read before they connect, in other languages than the manifest's own. */
export const said: Said = {
  ja: {
    about: 'SurveyMonkeyアカウントのアンケートへの回答。',
    auth: {
      token: {
        label: 'アクセストークン',
        help: 'developer.surveymonkey.comのアプリの設定に表示されます。users_read、surveys_read、responses_read、responses_read_detailが必要です。欧州のアカウントの場合、接続のアドレスは https://api.eu.surveymonkey.com、カナダの場合は https://api.surveymonkey.ca です。',
        fields: {
          token: 'アクセストークン',
        },
      },
      oauth2: {
        label: 'SurveyMonkeyでサインイン',
        help: 'developer.surveymonkey.comで、下のリダイレクトアドレスとスコープを登録したアプリを作成し、クライアントIDとシークレットを控えます。回答の読み取りには有料プランが必要です。下書きのアプリは90日で停止しますが、非公開または公開のアプリは停止しません。',
        fields: {
          client_id: 'クライアントID',
          client_secret: 'クライアントシークレット',
        },
      },
    },
  },
  th: {
    about: 'คำตอบของแบบสำรวจในบัญชี SurveyMonkey',
    auth: {
      token: {
        label: 'โทเค็นการเข้าถึง',
        help: 'ดูได้ในการตั้งค่าแอปของคุณที่ developer.surveymonkey.com ต้องมี users_read, surveys_read, responses_read และ responses_read_detail สำหรับบัญชีในยุโรป ที่อยู่ของการเชื่อมต่อคือ https://api.eu.surveymonkey.com และในแคนาดาคือ https://api.surveymonkey.ca',
        fields: {
          token: 'โทเค็นการเข้าถึง',
        },
      },
      oauth2: {
        label: 'ลงชื่อเข้าใช้ด้วย SurveyMonkey',
        help: 'สร้างแอปที่ developer.surveymonkey.com ใส่ที่อยู่เปลี่ยนเส้นทางและสโคปด้านล่าง แล้วนำรหัสไคลเอ็นต์และความลับมาใช้ การอ่านคำตอบต้องใช้แพ็กเกจแบบชำระเงิน แอปฉบับร่างจะถูกปิดหลัง 90 วัน แต่แอปส่วนตัวหรือสาธารณะจะไม่ถูกปิด',
        fields: {
          client_id: 'รหัสไคลเอ็นต์',
          client_secret: 'ความลับของไคลเอ็นต์',
        },
      },
    },
  },
};
