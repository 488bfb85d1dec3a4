import type { Person } from './people.ts';
import { between, chance, pick, weighted } from './random.ts';

/** What one customer thinks at the moment, on every scale that a survey may ask for. */
export type Opinion = {
  /** 0 to 10. */
  readonly nps: number;
  /** 1 to 5. */
  readonly csat: number;
  /** 1 to 7, where 7 is easy. */
  readonly ces: number;
  readonly topic: (typeof TOPICS)[number];
  /** In the customer's own language; many leave it out. */
  readonly comment: string | null;
};

const TOPICS = ['delivery', 'price', 'support', 'quality', 'website'] as const;
type Mood = 'glad' | 'torn' | 'cross';
const MOODS: readonly Mood[] = ['glad', 'torn', 'cross'];

const SCORES = {
  glad: { nps: [9, 10], csat: [4, 5], ces: [6, 7] },
  torn: { nps: [7, 8], csat: [3, 4], ces: [4, 5] },
  cross: { nps: [0, 6], csat: [1, 2], ces: [1, 3] },
} as const;

const COMMENTS: Readonly<Record<Person['locale'], Readonly<Record<Mood, readonly string[]>>>> = {
  en: {
    glad: [
      'Delivery was faster than promised. Thank you!',
      'Your support team solved it in one call — brilliant.',
      'Great quality, fair price.',
      'I have recommended you to two colleagues already.',
      'Setup took five minutes & everything just worked.',
    ],
    torn: [
      'Good product, but the invoice was hard to read.',
      'Fine overall; the website is a bit slow.',
      'Quality is good, price went up again.',
      "It's OK.",
    ],
    cross: [
      'Waited 9 days for delivery and nobody answered my e-mails.',
      'I was told "it will be fixed soon" three times. It was not.',
      'Too expensive for what it is.',
      'The parcel arrived damaged.\nStill waiting for the refund.',
      'I had to explain my problem to four different people.',
    ],
  },
  ja: {
    glad: [
      '配送がとても早かったです。',
      'サポートの対応が親切でした。',
      '品質が良く、また購入したいと思います。',
      '同僚にも勧めました！',
      '設定が簡単で助かりました。',
    ],
    torn: [
      '商品は良いのですが、請求書が分かりにくいです。',
      '全体的には満足ですが、サイトが少し遅いです。',
      '普通です。',
      '品質は良いけど値段が高い。',
    ],
    cross: [
      '配送が遅くて困りました。',
      '問い合わせに三日間返事がありませんでした。',
      '商品が壊れていて残念です。',
      '値段のわりに品質が悪い。',
      '同じ説明を何度もさせられました。',
    ],
  },
  th: {
    glad: ['จัดส่งเร็วมาก ประทับใจค่ะ', 'พนักงานบริการดีมาก', 'คุณภาพดี ราคาเหมาะสม', 'แนะนำให้เพื่อนแล้วครับ', 'ใช้งานง่ายมาก'],
    torn: ['สินค้าดีแต่ราคาแพงไปหน่อย', 'โดยรวมพอใช้ได้ เว็บไซต์ช้าบ้าง', 'เฉยๆ', 'บริการดี แต่รอนาน'],
    cross: ['จัดส่งช้ามาก', 'ติดต่อเจ้าหน้าที่ไม่ได้เลย', 'สินค้าชำรุด ยังไม่ได้เงินคืน', 'ราคาแพง คุณภาพแย่', 'ต้องเล่าปัญหาซ้ำหลายรอบ ไม่แนะนำ'],
  },
};

/** Asks somebody who speaks `locale`: more are glad than cross, and the scores fit the words. */
export function askOpinion(random: () => number, locale: Person['locale']): Opinion {
  const mood = MOODS[weighted(random, [0.52, 0.26, 0.22])] ?? 'torn';
  const score = ([min, max]: readonly [number, number]): number => between(random, min, max);
  const { nps, csat, ces } = SCORES[mood];
  return {
    nps: score(nps),
    csat: score(csat),
    ces: score(ces),
    topic: pick(random, TOPICS),
    comment: chance(random, 0.65) ? pick(random, COMMENTS[locale][mood]) : null,
  };
}
