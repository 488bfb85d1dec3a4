import type { Company, Person } from './people.ts';
import { landlineOf, PLACES } from './places.ts';
import { between, pick } from './random.ts';

/** The industries of the town: names that every CRM has in its standard list, each in its own letters. */
export const INDUSTRIES = [
  'Banking',
  'Biotechnology',
  'Chemicals',
  'Construction',
  'Entertainment',
  'Hospitality',
  'Insurance',
  'Machinery',
  'Retail',
  'Telecommunications',
  'Utilities',
] as const;

type Words = { readonly first: readonly string[]; readonly second: readonly string[] };
const words = (first: string, second: string): Words => ({ first: first.split(' '), second: second.split(' ') });

const WORDS: Readonly<Record<Person['locale'], Words>> = {
  en: words(
    'Blue Northern Silver Bright Cedar Harbor Summit River Golden Pacific Evergreen Copper Maple Granite Lakeside Redwood Sterling Horizon Beacon Willow Falcon Orchard Pioneer Atlas Juniper Crescent Meridian Quarry Sable Tidal',
    'Foods Logistics Systems Retail Partners Labs Energy Insurance Homes Media Works Supply Health Travel Motors Textiles Capital Hotels Analytics Gardens',
  ),
  ja: words(
    '青空:aozora 桜:sakura 富士:fuji 東和:towa 日進:nisshin 大和:yamato 光洋:koyo 三葉:mitsuba 北斗:hokuto 共栄:kyoei 旭:asahi 松風:matsukaze 瑞穂:mizuho 千代:chiyo 若葉:wakaba',
    '商事:shoji 工業:kogyo 物流:butsuryu 電機:denki 食品:shokuhin 建設:kensetsu 不動産:fudosan 保険:hoken 旅行:ryoko 通信:tsushin',
  ),
  th: words(
    'สยาม:siam ไทยรุ่ง:thairung เอราวัณ:erawan บางกอก:bangkok ล้านนา:lanna อันดามัน:andaman เจ้าพระยา:chaophraya สุวรรณ:suwan ภูผา:phupha มรกต:morakot',
    'พาณิชย์:panich ก่อสร้าง:construct อาหาร:foods ขนส่ง:transport ประกันภัย:prakan พลังงาน:energy การท่องเที่ยว:travel สื่อสาร:telecom',
  ),
};
/** Under the name that is kept free for examples, so that no mail can ever reach anybody. */
const DOMAIN_END = { en: 'example', ja: 'jp.example', th: 'th.example' } as const;

const split = (word: string): readonly [native: string, roman: string] => {
  const [native = '', roman] = word.split(':');
  return [native, roman ?? native.toLowerCase()];
};

function naming(locale: Person['locale'], nth: number, start: number): { readonly name: string; readonly domain: string } {
  const { first, second } = WORDS[locale];
  const rooms = first.length * second.length;
  // A step that shares no factor with any of the list lengths visits every pair once before the first comes again.
  const at = ((start + nth) * 77_773) % rooms;
  const [front, frontRoman] = split(first[at % first.length] ?? '');
  const [back, backRoman] = split(second[Math.floor(at / first.length)] ?? '');
  const round = Math.floor(nth / rooms);
  const number = round === 0 ? '' : ` ${round + 1}`;
  const name = { en: `${front} ${back}${number}`, ja: `株式会社${front}${back}${number}`, th: `บริษัท ${front}${back}${number} จำกัด` }[
    locale
  ];
  return { name, domain: `${frontRoman}${backRoman}${number.trim()}.${DOMAIN_END[locale]}` };
}

/** `count` companies of one country of the town, no two with one name or domain. `from` is the first free number of their keys. */
export function makeCompanies(
  random: () => number,
  locale: Person['locale'],
  room: { from: number; count: number; seed: number },
): Company[] {
  const start = between(random, 0, 999);
  return Array.from({ length: room.count }, (_, nth) => {
    const there = pick(random, PLACES[locale]);
    return {
      key: `c${String(room.from + nth).padStart(3, '0')}`,
      ...naming(locale, nth, start),
      phone: landlineOf(there, room.from + nth, room.seed),
      industry: pick(random, INDUSTRIES),
      city: there.city,
      country: there.country,
      employees: Math.round(2 ** (2 + random() * 11)),
    };
  });
}
