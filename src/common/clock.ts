/** The only source of the current time. Read once per request, passed on as a parameter, replaced in tests. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}
