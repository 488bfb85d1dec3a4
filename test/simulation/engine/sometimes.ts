/** Interesting states that a run of some hundred histories has to reach, or it proves less than it says: the first are patterns over what was reached. */
const SOMETIMES: Readonly<Record<string, RegExp>> = {
  'a conflict is raised for a person': /^a hold was open: conflict$/,
  'a conflict is decided by rule': /^a conflict was decided by rule$/,
  'a false conflict is suppressed': /^a false conflict was suppressed$/,
  'a hold is decided': /was decided$/,
  'a value is held back': /^a hold was open: refused_field$/,
  'a record is refused': /^fault: row_refused on apply$/,
  'the reply to a write is lost after it took effect': /^fault: lost_after on apply$/,
  'a write takes effect after its reply was given up': /^fault: late_effect on apply$/,
  'a batch is done in part': /^fault: partial on apply$/,
  'a batch is done in part, and the connection breaks': /^fault: partial_lost on apply$/,
  'a result is missing': /^fault: missing_result on apply$/,
  'the vendor asks for a pause': /^fault: rate_limited_for on /,
  'an answer is cut': /^fault: cut_body on /,
  'a call hangs': /^fault: hangs on /,
  'recall finds what was made': /^recall found it$/,
  'recall finds nothing': /^recall did not find it$/,
  'a tie goes over a page': /^a tie over a page$/,
  'a row shows late, with an older stamp': /^a row shown late, with an older stamp$/,
  'an automation writes our write over': /^an automation rewrote a write$/,
  'the vendor knows the address already': /^the vendor knew the address already$/,
  'a version guard refuses a write': /^a version guard refused a write$/,
  'a worker loses its lease': /^a lease was taken over$/,
  'a record is restored after it was deleted': /^a record was restored$/,
  'a removal is followed': /^a record was archived$/,
  'the hub removes a record': /^the hub removed a record$/,
  'a removal meets an edit': /^a hold was open: removal$/,
  'the queue drops a job': /^the queue dropped a job$/,
  'the queue repeats a job': /^the queue repeated a job$/,
  'a crash before a write is called': /^crash before call: apply$/,
  'a crash after a write took effect': /^crash after call: apply$/,
  'a crash before it is noted what is sent': /^crash before commit: note what is sent$/,
  'a crash after it was noted what is sent': /^crash after commit: note what is sent$/,
  'a crash before answers are settled': /^crash before (commit: )?settle answers$/,
  'a crash after answers were settled': /^crash after commit: settle answers$/,
  'a crash before the cursor moves': /^crash before (commit: )?move the cursor$/,
  'a crash after the cursor moved': /^crash after commit: move the cursor$/,
  'a crash inside the merge': /^crash (before|after) write links$/,
  'a crash while places are given': /^crash (before|after) commit: give places$/,
  'a crash while a page is read': /^crash (before|after) call: changes$/,
};

/** Which of them were never reached. */
export const neverReached = (reached: Iterable<string>): readonly string[] => {
  const states = [...reached];
  return Object.entries(SOMETIMES).flatMap(([name, pattern]) => (states.some((state) => pattern.test(state)) ? [] : [name]));
};
