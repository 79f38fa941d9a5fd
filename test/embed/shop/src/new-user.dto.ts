import { IsEmail } from 'class-validator';

export class NewUserDto {
  @IsEmail()
  email!: string;
}
