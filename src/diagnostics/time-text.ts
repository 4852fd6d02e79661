const DAY_MS = 24 * 60 * 60_000;

/**
 * A moment as messages show it, in UTC to the second: `2026-11-23T11:30:00Z`.
 *
 * Messages show moments and not durations, because a duration would change with every diagnosis. Worked out
 * here, so that nothing in the engine can reach for a clock.
 *
 * @param epochMilliseconds from year 1 to 9999; others are shown as the nearest of these moments
 */
export function timeText(epochMilliseconds: number): string {
  const bounded = Math.min(Math.max(epochMilliseconds, FIRST_MS), LAST_MS);
  const days = Math.floor(bounded / DAY_MS);
  const seconds = Math.floor((bounded - days * DAY_MS) / 1000);
  const { year, month, day } = calendarDay(days);
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) =>
    padded(Math.floor(part), 2),
  );
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}T${clock.join(":")}Z`;
}

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_000;

/**
 * Gregorian date of a day counted from 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date
 * algorithms"): years begin in March, so that the leap day comes last, in eras of 400 years.
 */
function calendarDay(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
