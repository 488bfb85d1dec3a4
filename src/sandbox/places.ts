import type { Person } from './people.ts';
import { between, pick } from './random.ts';

/** Where people live, as the post writes it there. */
export type Place = {
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly areaCode: string;
  readonly postal: string;
};
export type Address = Pick<Person, 'street' | 'city' | 'state' | 'postalCode' | 'country'>;

const place =
  (country: string) =>
  (line: string): Place => {
    const [city = '', state = '', areaCode = '', postal = ''] = line.split('|');
    return { city, state, country, areaCode, postal };
  };

/** `postal` is a pattern: every # is a digit. */
export const PLACES: Readonly<Record<Person['locale'], readonly Place[]>> = {
  en: [
    ...[
      'New York|NY|212|100##',
      'San Francisco|CA|415|941##',
      'Los Angeles|CA|213|900##',
      'Chicago|IL|312|606##',
      'Austin|TX|512|787##',
      'Houston|TX|713|770##',
      'Seattle|WA|206|981##',
      'Boston|MA|617|021##',
      'Denver|CO|303|802##',
      'Atlanta|GA|404|303##',
      'Miami|FL|305|331##',
      'Portland|OR|503|972##',
      'Philadelphia|PA|215|191##',
      'Minneapolis|MN|612|554##',
      'Phoenix|AZ|602|850##',
      'Nashville|TN|615|372##',
      'Detroit|MI|313|482##',
      'San Diego|CA|619|921##',
    ].map(place('United States')),
    ...['London|England|20|SW1A #AA', 'Manchester|England|161|M1 #AE', 'Edinburgh|Scotland|131|EH1 #RF', 'Bristol|England|117|BS1 #TB'].map(
      place('United Kingdom'),
    ),
  ],
  ja: [
    '千代田区|東京都|3|100-000#',
    '渋谷区|東京都|3|150-00##',
    '大阪市|大阪府|6|530-00##',
    '名古屋市|愛知県|52|460-00##',
    '福岡市|福岡県|92|810-00##',
    '札幌市|北海道|11|060-00##',
    '横浜市|神奈川県|45|220-00##',
    '京都市|京都府|75|600-8###',
  ].map(place('Japan')),
  th: [
    'กรุงเทพมหานคร|กรุงเทพมหานคร|2|101##',
    'นนทบุรี|นนทบุรี|2|110##',
    'เชียงใหม่|เชียงใหม่|53|500##',
    'ขอนแก่น|ขอนแก่น|43|400##',
    'ภูเก็ต|ภูเก็ต|76|830##',
  ].map(place('Thailand')),
};

const STREETS: Readonly<Record<Person['locale'], readonly string[]>> = {
  en: [
    'Market Street',
    'Main Street',
    'Oak Avenue',
    'Park Road',
    'Church Lane',
    'Mission Street',
    'Cedar Boulevard',
    'Lake Drive',
    'Station Road',
  ],
  ja: ['丸の内', '神南', '梅田', '栄', '天神', '大通西', '本町', '桜木町'],
  th: ['ถนนสุขุมวิท', 'ถนนพหลโยธิน', 'ถนนรัชดาภิเษก', 'ถนนนิมมานเหมินท์', 'ถนนสีลม', 'ถนนเพชรเกษม'],
};

/** An address in that place, with its number where the country writes it. */
export function addressIn(random: () => number, locale: Person['locale'], there: Place): Address {
  const { city, state, country } = there;
  const name = pick(random, STREETS[locale]);
  const house = between(random, 1, 480);
  const street = {
    en: () => `${house} ${name}${random() < 0.2 ? `, Apt ${between(random, 1, 40)}` : ''}`,
    ja: () => `${name}${between(random, 1, 8)}-${between(random, 1, 20)}-${between(random, 1, 15)}`,
    th: () => `${house}/${between(random, 1, 60)} ${name}`,
  }[locale]();
  return { street, city, state, postalCode: there.postal.replace(/#/g, () => String(between(random, 0, 9))), country };
}

/** Spreads 0, 1, 2... over all numbers of `digits` digits without ever giving one twice. */
function scattered(nth: number, digits: number, seed: number): string {
  const room = 10 ** digits;
  return String((nth * 48_271 + (seed % room)) % room).padStart(digits, '0');
}

const US_AREA_CODES = PLACES.en.filter(({ country }) => country === 'United States').map(({ areaCode }) => areaCode);

/** The `nth` mobile number of a country, E.164; no two people have the same. */
export function mobileOf(country: string, nth: number, seed: number): string {
  switch (country) {
    case 'Japan':
      return `+8190${1 + (nth % 9)}${scattered(nth, 7, seed)}`;
    case 'Thailand':
      return `+668${scattered(nth, 8, seed)}`;
    case 'United Kingdom':
      return `+4474${scattered(nth, 8, seed)}`;
    default:
      return `+1${US_AREA_CODES[nth % US_AREA_CODES.length]}${555 + Math.floor(nth / 60_000)}${scattered(nth, 4, seed)}`;
  }
}

/** The `nth` fixed line of a place, E.164. */
export function landlineOf(there: Place, nth: number, seed: number): string {
  switch (there.country) {
    case 'Japan':
      return `+81${there.areaCode}${there.areaCode.length === 1 ? '32' : '2'}${scattered(nth, 6, seed)}`;
    case 'Thailand':
      return `+66${there.areaCode}${there.areaCode.length === 1 ? '6' : ''}${scattered(nth, 6, seed)}`;
    case 'United Kingdom':
      return there.areaCode === '20' ? `+44207${scattered(nth, 7, seed)}` : `+44${there.areaCode}4${scattered(nth, 6, seed)}`;
    default:
      return `+1${there.areaCode}${545 + (nth % 8)}${scattered(Math.floor(nth / 8), 4, seed)}`;
  }
}
