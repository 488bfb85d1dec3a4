/** A pure function of texts that keeps its last answers, `most` of them at the most: what comes from outside must not fill the memory. */
export function remember<Texts extends readonly (string | undefined)[], Answer>(
  most: number,
  compute: (...texts: Texts) => Answer,
): (...texts: Texts) => Answer {
  const answers = new Map<string, Answer>();
  return (...texts) => {
    const key = JSON.stringify(texts);
    const known = answers.get(key);
    if (known !== undefined || answers.has(key)) return known as Answer;
    if (answers.size >= most) answers.clear();
    const answer = compute(...texts);
    answers.set(key, answer);
    return answer;
  };
}
