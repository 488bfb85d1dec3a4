/** What a column seems to be: a field of the hub, or a part of a response. `other`: nobody knows. */
export type ColumnGuess = { readonly column: string; readonly role: string };

const NAMES: readonly (readonly [role: string, pattern: RegExp])[] = [
  ['contact_id', /^(crm[ _-]?id|external[ _-]?(id|reference|data reference))$/i],
  [
    'id',
    /^(#|id|.*\b(customer|contact|user|record|response|respondent|submission|client|person|member|guest|order|company|account)[ _-]?(id|no|number|#)|uuid|token|key|顧客番号|会員番号|お客様番号|回答id|รหัส.*)$/i,
  ],
  ['nps', /(\bnps\b|likely.*recommend|recommend.*likely|how likely|推奨|お?すすめ|勧め|แนะนำ)/i],
  ['csat', /^(score|rating)$/i],
  ['nps', /^(score|rating)$/i],
  ['csat', /(\bcsat\b|satisf|満足|พึงพอใจ)/i],
  ['ces', /(\bces\b|effort|how easy|easy to|手間|簡単)/i],
  [
    'submitted',
    /^(submit(ted)?( (at|date|on|time|date ?\(utc\)))?|date submitted|response date|responded( at)?|completed( at)?|end date|created( at)?|timestamp|回答日時?|送信日時|submit date \(utc\)|date created)$/i,
  ],
  ['changed', /^(updated?|modified|changed|last (updated?|modified|change|activity))([ _-]?(at|on|date|time))?$|^更新日時?$/i],
  ['email', /(e-?mail|メール|อีเมล)/i],
  ['mobile_phone', /(mobile|cell|携帯|มือถือ)/i],
  ['phone', /(phone|tel(efon|\.|ephone)?\b|電話|โทร)/i],
  ['first_name', /^(first|given|fore)[ _-]?name$|^vorname$|^名$|^ชื่อ$/i],
  ['last_name', /^(last|family|sur)[ _-]?name$|^nachname$|^姓$|^นามสกุล$/i],
  ['domain', /(domain|website|web site|homepage|url$)/i],
  ['name', /^(company|organi[sz]ation|account|firma|unternehmen)([ _-]?name)?$|^会社名?$|^บริษัท$/i],
  ['full_name', /^(full[ _-]?)?name$|^氏名$|^お名前$/i],
  ['job_title', /^(job|position|role)[ _-]?(title)?$|^役職$/i],
  ['street', /^(street|address|adresse|stra(ß|ss)e|street address|address (line )?1)$|^住所$/i],
  ['city', /^(city|town|ort|stadt)$|^市区町村$/i],
  ['postal_code', /^(zip|postal|post)[ _-]?(code)?$|^plz$|^郵便番号$/i],
  ['state', /^(state|province|region|prefecture)$|^都道府県$/i],
  ['country', /^(country|land)$|^国$/i],
  ['language', /^(language|locale|lang)$|^言語$/i],
  ['survey', /^(survey|form|campaign|collector)[ _-]?(id)?$/i],
  ['comment', /(comment|feedback|why\b|reason|コメント|理由|ご意見|ความคิดเห็น)/i],
];

/** Guesses columns by their names; an address is known by its values as well. */
export function guessColumns(columns: readonly string[], rows: readonly (readonly string[])[]): readonly ColumnGuess[] {
  const taken = new Set<string>();
  return columns.map((column, i) => {
    const role = roleOf(
      column,
      rows.map((row) => row[i]?.trim() ?? '').filter((cell) => cell !== ''),
    );
    // Only questions stand there several times.
    const isQuestion = ['nps', 'csat', 'ces', 'comment'].includes(role);
    if (!isQuestion && taken.has(role)) return { column, role: 'other' };
    taken.add(role);
    return { column, role };
  });
}

function roleOf(column: string, cells: readonly string[]): string {
  const name = column.trim();
  const byName = NAMES.find(([role, pattern]) => pattern.test(name) && fits(role, cells))?.[0];
  if (byName !== undefined) return byName;
  if (cells.length > 2 && cells.every((cell) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(cell))) return 'email';
  return 'other';
}

/** A name may mean something else than what stands under it. */
function fits(role: string, cells: readonly string[]): boolean {
  const numbers = cells
    .map((cell) => /^\s*(\d{1,2})(?:\D.*)?$/.exec(cell)?.[1])
    .map((digits) => (digits === undefined ? Number.NaN : Number(digits)));
  if (role === 'nps') return numbers.every((n) => n >= 0 && n <= 10);
  if (role === 'csat' || role === 'ces') return numbers.every((n) => n >= 1 && n <= 7);
  if (role === 'email') return cells.filter((cell) => cell.includes('@')).length * 2 >= cells.length;
  if (role === 'id') return new Set(cells).size === cells.length;
  return true;
}
