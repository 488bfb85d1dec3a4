import type { Said, Words } from '../words.ts';

export const settings: Said<Words['settings']> = {
  title: 'การตั้งค่า',
  about: 'รูปแบบการแสดงผลของคุณ ใช้กับทุกเครื่องที่คุณเข้าสู่ระบบ',
  you: 'ส่วนตัว',
  timeZone: 'เขตเวลา',
  timeZoneHelp: 'แสดงเวลาตามเขตเวลานี้',
  ofBrowser: 'ตามเบราว์เซอร์: {{zone}}',
  kept: 'บันทึกแล้ว',
  name: 'ชื่อ',
  role: 'บทบาท',
};
