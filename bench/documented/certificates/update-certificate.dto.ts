import { IsIn, IsInt, IsOptional, IsString, Length } from 'class-validator';

export class UpdateCertificateDto {
  @IsOptional()
  @IsString()
  @Length(1, 65_536)
  certificate?: string;

  @IsOptional()
  @IsIn(['initial', 'active', 'disabled'])
  stateName?: string;

  @IsOptional()
  @IsString()
  @Length(0, 1000)
  modificationComment?: string;

  @IsOptional()
  @IsInt()
  version?: number;
}
