/** Where every instant comes from: asked once a request, handed on as a parameter, replaced in tests. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}
